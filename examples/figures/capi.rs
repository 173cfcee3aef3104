//! Verifying through the C interface, beside the same in Rust.
#![allow(unsafe_code, reason = "it calls what C calls, as C does")]

use std::ffi::{CString, c_char, c_void};
use std::hint::black_box;
use std::ptr;

use zhengyin::policy::Policy;
use zhengyin::store::Store;
use zhengyin::time::Clock;
use zhengyin::verify::{Verdict, Verifier};

use super::at_most;
use super::measure::{Report, interleaved};
use super::world::World;

unsafe extern "C" {
    fn zy_store_from_bytes(
        data: *const u8,
        size: usize,
        read_body: *const c_void,
        context: *mut c_void,
        store: *mut *mut c_void,
        error: *mut *mut c_void,
    ) -> u32;
    fn zy_policy_new(
        name: *const c_char,
        region: *const c_char,
        policy: *mut *mut c_void,
        error: *mut *mut c_void,
    ) -> u32;
    fn zy_verifier_new(
        store: *const c_void,
        policy: *const c_void,
        verifier: *mut *mut c_void,
        error: *mut *mut c_void,
    ) -> u32;
    fn zy_verify(
        verifier: *const c_void,
        credential: *const u8,
        size: usize,
        now: i64,
        uncertainty: u32,
        question: *const c_void,
        report: *mut *mut c_void,
        error: *mut *mut c_void,
    ) -> u32;
    fn zy_report_verdict(report: *const c_void) -> u32;
    fn zy_report_free(report: *mut c_void);
}

pub(crate) fn figures(report: &mut Report) {
    let mut world = World::new();
    let license = world.issue("business-license");
    let store = Store::from_bytes(&world.sound_store().to_bytes()).expect("a store");
    let region = license.facts.region;
    let verifier = Verifier::new(&store, Policy::strict(Some(region)));
    let Clock::Reads { now, uncertainty } = world.clock() else { return };
    let clock = world.clock();

    let bytes = store.to_bytes();
    let region = CString::new(region.as_str()).expect("no NUL");
    let (mut opened, mut policy, mut through_c) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    let none = ptr::null_mut();
    // SAFETY: as zhengyin.h has it; what is made here lives as long as the process.
    unsafe {
        assert_eq!(
            zy_store_from_bytes(bytes.as_ptr(), bytes.len(), ptr::null(), none, &mut opened, ptr::null_mut()),
            0
        );
        assert_eq!(zy_policy_new(c"strict".as_ptr(), region.as_ptr(), &mut policy, ptr::null_mut()), 0);
        assert_eq!(zy_verifier_new(opened, policy, &mut through_c, ptr::null_mut()), 0);
    }
    let [rust, c] = interleaved(
        301,
        100,
        [&mut || assert_eq!(verifier.verify(black_box(&license.bytes), clock).verdict(), Verdict::Valid), &mut || {
            let (mut answer, given) = (ptr::null_mut(), black_box(&license.bytes));
            let (at, size) = (given.as_ptr(), given.len());
            // SAFETY: as zhengyin.h has it; the report is freed once.
            unsafe {
                let status = zy_verify(
                    through_c,
                    at,
                    size,
                    now.seconds(),
                    uncertainty,
                    ptr::null(),
                    &mut answer,
                    ptr::null_mut(),
                );
                assert_eq!((status, zy_report_verdict(answer)), (0, 1));
                zy_report_free(answer);
            }
        }],
    );
    report.print(&at_most("capi.call", c / rust, "the same verification in Rust", 1.03));
}
